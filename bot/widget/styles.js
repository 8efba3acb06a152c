/** The style as a sheet for shadow trees; read by script, it needs no permission for styles. */

const response = await fetch(new URL("./widget.css", import.meta.url));

export const styleText = await response.text();
export const styleSheet = new CSSStyleSheet();
styleSheet.replaceSync(styleText);
