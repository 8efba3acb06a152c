/** Shows the OpenAPI document as a page on which every example can be sent. */

const described = await (await fetch("/openapi.json")).json();

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** The schema a reference points to. */
function resolved(schema) {
  return schema?.$ref ? described.components.schemas[schema.$ref.split("/").pop()] : (schema ?? {});
}

/** What a field may be, in a few words. */
function kind(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(kind).join(" or ");
  if (schema.enum) return schema.enum.join(" · ");
  if (schema.items) return `list of ${kind(schema.items)}`;
  const limits = [
    [schema.minimum, "≥"],
    [schema.exclusiveMinimum, ">"],
    [schema.maximum, "≤"],
    [schema.exclusiveMaximum, "<"],
  ];
  const bounds = limits.filter(([limit]) => limit !== undefined).map(([limit, sign]) => `${sign} ${limit}`);
  return [schema.const ?? schema.type ?? "anything", ...bounds].join(" ");
}

function fieldTable(fields) {
  const rows = fields.map(([name, schema, required]) =>
    make("tr", {}, make("td", {}, make("code", { textContent: name }), required ? " *" : ""),
      make("td", { textContent: kind(schema) }), make("td", { textContent: schema.description ?? "" })),
  );
  return make("table", {}, make("tbody", {}, ...rows));
}

/** The form of one route: parameters or a body, both filled with an example. */
function form(path, method, operation) {
  const parameters = operation.parameters ?? [];
  const content = operation.requestBody?.content["application/json"];
  const inputs = parameters.map((parameter) => {
    const example = parameter.schema.examples?.[0] ?? "";
    return [parameter, make("input", { name: parameter.name, value: example })];
  });
  const labels = inputs.map(([parameter, input]) =>
    make("label", {}, `${parameter.name}: ${parameter.description ?? ""} (${kind(parameter.schema)})`, input),
  );
  const examples = Object.values(content?.examples ?? {});
  const body = content && make("textarea", { rows: 6, ariaLabel: "Body", value: pretty(examples[0]?.value) });
  const choice = examples.length > 1 && make("select", { ariaLabel: "Example" }, ...examples.map((e) => new Option(e.summary)));
  if (choice) choice.addEventListener("change", () => (body.value = pretty(examples[choice.selectedIndex].value)));
  const result = make("pre", { hidden: true });
  const picture = make("img", { hidden: true, alt: "the picture that was answered" });
  const send = make("button", { type: "button", textContent: "Send" });
  send.addEventListener("click", () => show(result, picture, path, method, inputs, body));
  return [...labels, choice, body, send, result, picture].filter(Boolean);
}

async function show(result, picture, path, method, inputs, body) {
  let address = path;
  const query = new URLSearchParams();
  for (const [parameter, input] of inputs) {
    if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value) query.set(parameter.name, input.value);
  }
  const headers = body ? { "Content-Type": "application/json" } : {};
  const response = await fetch(`${address}?${query}`.replace(/\?$/, ""), { method, headers, body: body?.value });
  const type = response.headers.get("Content-Type") ?? "";
  picture.hidden = !type.startsWith("image/");
  if (!picture.hidden) picture.src = await asDataUrl(await response.blob());
  const told = picture.hidden ? pretty(await response.json()) : type;
  result.textContent = `${response.status} ${response.statusText}\n${told}`;
  result.hidden = false; // last, so that nobody sees it empty
}

function asDataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = Object.assign(new FileReader(), { onload: () => resolve(reader.result), onerror: reject });
    reader.readAsDataURL(blob);
  });
}

/** A description as paragraphs; its lines are broken for its authors. */
function prose(text = "") {
  return text.replaceAll("`", "").replace(/(\S)\n(?=\S)/g, "$1 ");
}

function pretty(value) {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}

function route(path, method, operation) {
  const schema = resolved(operation.requestBody?.content["application/json"].schema);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, field, schema.required?.includes(name)]);
  const answers = Object.entries(operation.responses).map(([status, answer]) => `${status}: ${answer.description}`);
  return make(
    "details",
    {},
    make("summary", {}, make("code", { textContent: `${method.toUpperCase()} ${path}` }), make("span", { textContent: ` ${operation.summary}` })),
    make("div", { className: "body" }, make("p", { textContent: prose(operation.description) }), fieldTable(fields),
      ...form(path, method, operation), make("p", { textContent: answers.join("\n") })),
  );
}

document.getElementById("title").textContent = `${described.info.title}: HTTP interface`;
document.getElementById("description").textContent = prose(described.info.description);
for (const [path, methods] of Object.entries(described.paths))
  for (const [method, operation] of Object.entries(methods)) document.getElementById("routes").append(route(path, method, operation));
