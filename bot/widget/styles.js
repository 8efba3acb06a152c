/** The style of the widget as a sheet for shadow trees. Read by script, it needs no permission for styles in the page. */

const response = await fetch(new URL("./widget.css", import.meta.url));

export const styleText = await response.text();
export const styleSheet = new CSSStyleSheet();
styleSheet.replaceSync(styleText);
