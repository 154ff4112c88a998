// State: `point` are the inputs, `at` how many steps of the two passes have been made.
const nodes = graph.nodes, regions = graph.regions;
const inputs = nodes.map((_, i) => i).filter(i => nodes[i].kind === "input");
const output = graph.outputs.length === 1 ? graph.outputs[0] : -1;
const $ = id => document.getElementById(id);
const svg = document.querySelector("svg.graph");
const nodeElement = [...svg.querySelectorAll(".node")];
const edgeElement = [...svg.querySelectorAll(".edge[data-edge]")];
const edges = nodes.flatMap((node, to) => node.operands.map((o, at) => ({ from: o.from, to, at, arm: o.arm })));
let point = graph.point.slice(), at = 0, timer = null, origin = null, state = null;

function short(x) {
  if (x === null || x === undefined) return "";
  const size = Math.abs(x);
  let text = size === 0 || (size >= 1e-3 && size < 1e5)
    ? x.toFixed(4).replace(/\.?0+$/, "") : x.toExponential(2);
  if (text === "-0") text = "0";
  return text.replaceAll("-", "−");
}

/** Every value, rate and sensitivity; `null` where there is none. */
function compute() {
  const values = [], idle = [], rates = nodes.map(n => n.operands.map(() => null));
  const runs = region => {
    if (region === null) return true;
    const r = regions[region];
    const around = runs(r.parent);
    if (around !== true) return around;
    if (r.kind === "loop" || r.kind === "arm") return null;
    const condition = values[r.condition];
    return condition === null ? null : (r.kind === "then") === Boolean(condition);
  };
  let input = 0;
  nodes.forEach((node, i) => {
    let value = null;
    const v = node.operands.map(o => values[o.from]);
    if (node.kind === "input") value = point[input++];
    else if (runs(node.region) !== true) idle[i] = runs(node.region) === false;
    else if (node.kind === "constant") value = node.constant;
    else if (node.kind === "apply") value = v.includes(null) ? null : formulas[i].value(v, NaN);
    else if (node.kind === "merge") {
      const taken = node.operands.map(o => runs(o.arm));
      const which = taken.indexOf(true);
      value = taken.includes(null) || which < 0 ? null : v[which];
    }
    if (value !== null && node.single) value = Math.fround(value);
    values.push(value);
    if (value === null) return;
    node.operands.forEach((o, k) => {
      const rate = formulas[i].rates[k];
      if (rate && runs(o.arm === undefined ? null : o.arm) === true) rates[i][k] = rate(v, value);
    });
  });
  const sensitivities = nodes.map(() => null), order = [];
  if (output >= 0 && values[output] !== null) sensitivities[output] = 1;
  for (let i = nodes.length - 1; i >= 0; i--) {
    const s = sensitivities[i];
    if (s === null) continue;
    order.push(i);
    nodes[i].operands.forEach((o, k) => {
      const rate = rates[i][k];
      if (rate === null) return;
      const share = nodes[i].singular && s === 0 ? 0 : s * rate;
      const sum = sensitivities[o.from];
      sensitivities[o.from] = sum === null ? share : share + sum;
    });
  }
  const forward = nodes.map((_, i) => i).filter(i => values[i] !== null);
  return { values, rates, sensitivities, idle, forward, backward: order };
}

function last() { return state.forward.length + state.backward.length; }

/** Shows what has been computed after `at` steps. */
function show() {
  const done = state.forward.length;
  const up = new Set(state.forward.slice(0, Math.min(at, done)));
  const down = new Set(state.backward.slice(0, Math.max(0, at - done)));
  const now = at === 0 ? -1 : at <= done ? state.forward[at - 1] : state.backward[at - done - 1];
  nodeElement.forEach((element, i) => {
    element.classList.toggle("has-value", up.has(i));
    element.classList.toggle("has-sensitivity", down.has(i));
    element.classList.toggle("now", i === now);
    element.classList.toggle("idle", state.idle[i] === true);
    element.querySelector(".value").textContent = short(state.values[i]);
    element.querySelector(".sensitivity").textContent = short(state.sensitivities[i]);
  });
  edgeElement.forEach((element, e) => {
    const { from, to, at: k } = edges[e], rate = state.rates[to][k];
    element.classList.toggle("has-rate", rate !== null && down.has(to));
    const label = element.querySelector(".rate");
    if (label) label.textContent = rate === null ? "" : "×" + short(rate);
  });
  $("scrub").max = last();
  $("scrub").value = at;
  $("back").disabled = at === 0;
  $("step").disabled = at >= last();
  $("status").textContent = explain(now, done);
  paths();
}

function explain(now, done) {
  if (output < 0) return "This function has several results: its structure is shown.";
  if (state.values[output] === null) return "The result depends on what a graph of numbers does not follow: its structure is shown.";
  if (now < 0) return "Forward pass: values flow up. Backward pass: sensitivities flow down.";
  if (at <= done) return `Forward: ${equation(now)}`;
  return `Backward: the result changes ${short(state.sensitivities[now])} times as much as ${nodes[now].name}.`;
}

const escapeName = name => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A formula with numbers in the place of names. */
function numbers(text, i) {
  const of = [...nodes[i].operands.map(o => o.from), i].filter(j => state.values[j] !== null);
  const known = new Map(of.map(j => [nodes[j].name, short(state.values[j])]));
  const names = [...known.keys()].sort((a, b) => b.length - a.length).map(escapeName);
  if (!names.length) return text;
  const pattern = new RegExp(`(?<![\\w.])(?:${names.join("|")})(?![\\w(\\[])`, "g");
  return text.replace(pattern, name => known.get(name).startsWith("−") ? `(${known.get(name)})` : known.get(name));
}

function equation(i) {
  const node = nodes[i], value = short(state.values[i]);
  if (node.kind === "input" || node.kind === "constant") return `${node.name} = ${value}`;
  if (node.kind !== "apply" || !value) return `${node.name} = ${node.formula}${value ? " = " + value : ""}`;
  const put = numbers(node.formula, i);
  return `${node.name} = ${node.formula} = ${put === value ? "" : put + " = "}${value}`;
}

/** The rule of a node with the numbers put in. */
function rule(i) {
  const node = nodes[i], lines = [equation(i)];
  node.operands.forEach((o, k) => {
    const rate = state.rates[i][k];
    if (o.partial === null || rate === null) return;
    const put = numbers(o.partial, i);
    lines.push(`∂${node.name}/∂${nodes[o.from].name} = ${o.partial}${put === o.partial ? "" : " = " + put}${put === short(rate) || o.partial === short(rate) ? "" : " = " + short(rate)}`);
  });
  if (state.sensitivities[i] !== null) lines.push(`sensitivity = ${short(state.sensitivities[i])}`);
  return lines.join("\n");
}

function light(i) {
  nodeElement.forEach((element, j) => element.classList.toggle("lit", i === j));
  document.querySelectorAll("pre mark").forEach(mark => mark.classList.toggle("lit", Number(mark.dataset.of) === i));
  $("rule").textContent = i === null ? "" : rule(i);
}

/** The paths from an input to the result, each with its product, and their sum. */
function paths() {
  const most = 40, next = nodes.map(() => []);
  edges.forEach(({ from, to, at: k }, e) => {
    if (state.rates[to][k] !== null && state.sensitivities[to] !== null) next[from].push({ to, rate: state.rates[to][k], e });
  });
  const onPath = new Set(), onEdge = new Set(), found = [];
  const counts = new Array(nodes.length).fill(0);
  for (let i = nodes.length - 1; i >= 0; i--) {
    counts[i] = i === output ? 1 : next[i].reduce((sum, step) => sum + counts[step.to], 0);
  }
  if (origin !== null && state.sensitivities[origin] !== null) {
    const reach = [origin];
    while (reach.length) {
      const i = reach.pop();
      if (onPath.has(i)) continue;
      onPath.add(i);
      if (i !== output) next[i].forEach(step => { onEdge.add(step.e); reach.push(step.to); });
    }
    // From the result back, as sensitivities are: zero stays zero through a singular operation.
    const product = (trail, rates) => rates.reduceRight((product, rate, k) =>
      product === 0 && nodes[trail[k + 1]].singular ? 0 : product * rate, 1);
    const walk = (i, trail, rates) => {
      if (found.length >= most) return;
      if (i === output) { found.push({ trail, product: product(trail, rates) }); return; }
      next[i].forEach(step => walk(step.to, [...trail, step.to], [...rates, step.rate]));
    };
    walk(origin, [origin], []);
  }
  nodeElement.forEach((element, i) => element.classList.toggle("on-path", onPath.has(i)));
  edgeElement.forEach((element, e) => element.classList.toggle("on-path", onEdge.has(e)));
  const table = document.createElement("table");
  const row = (text, number) => {
    const line = table.insertRow();
    line.insertCell().textContent = text;
    line.insertCell().textContent = number;
  };
  found.forEach(path => row(path.trail.map(i => nodes[i].name).join(" → "), short(path.product)));
  if (origin !== null && counts[origin] > found.length) row(`${counts[origin] - found.length} more paths`, "");
  if (origin !== null) row(`d${graph.name}/d${nodes[origin].name}`, short(state.sensitivities[origin] ?? 0));
  $("paths").replaceChildren(table);
}

function stop() { clearInterval(timer); timer = null; }
function go(to) { at = Math.max(0, Math.min(last(), to)); show(); }
function play(from, to) {
  stop();
  go(from);
  // Who wants no motion sees the end at once.
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) { go(to); return; }
  timer = setInterval(() => { if (at >= to) stop(); else go(at + 1); }, Number($("speed").value));
}
const forward = () => play(0, state.forward.length);
const backward = () => play(state.forward.length, last());

function fold(region, folded) {
  const element = svg.querySelector(`.region[data-region="${region}"]`);
  element.setAttribute("aria-expanded", String(!folded));
  element.querySelector(".fold").textContent = folded ? "▸" : "▾";
  hide();
}
function isFolded(region) {
  return svg.querySelector(`.region[data-region="${region}"]`).getAttribute("aria-expanded") === "false";
}
/** The outermost folded region around a region, itself included. */
function foldedAround(region) {
  let found = null;
  for (let r = region; r !== null; r = regions[r].parent) if (isFolded(r)) found = r;
  return found;
}
function hide() {
  nodeElement.forEach((element, i) => element.classList.toggle("hidden", foldedAround(nodes[i].region) !== null));
  svg.querySelectorAll(".edge").forEach(element => {
    const inside = ["from", "to"].map(end => foldedAround(nodes[Number(element.dataset[end])].region));
    // An edge into a folded box stays, one within it goes.
    element.classList.toggle("hidden", inside[0] !== null && inside[0] === inside[1]);
  });
  regions.forEach((region, r) => {
    const element = svg.querySelector(`.region[data-region="${r}"]`);
    element.classList.toggle("hidden", foldedAround(region.parent) !== null);
    const inside = nodes.filter(node => { for (let x = node.region; x !== null; x = regions[x].parent) if (x === r) return true; return false; });
    const label = element.querySelector("text").lastChild;
    label.textContent = ` ${region.label}${isFolded(r) ? ` (${inside.length} nodes)` : ""}`;
    const box = element.querySelector("rect");
    box.style.fillOpacity = isFolded(r) ? 1 : "";
    // A folded box covers the ends of edges in it; an open one is below its contents.
    svg.insertBefore(element, isFolded(r) ? null : svg.querySelector(".edge"));
  });
}

inputs.forEach((i, k) => {
  const line = document.createElement("label"), slider = document.createElement("input"), field = document.createElement("input");
  line.className = "slider";
  slider.type = "range";
  field.type = "number";
  field.step = slider.step = "any";
  const span = Math.max(4, 2 * Math.abs(point[k]));
  slider.min = point[k] - span;
  slider.max = point[k] + span;
  slider.value = field.value = point[k];
  slider.setAttribute("aria-label", nodes[i].name);
  field.setAttribute("aria-label", `${nodes[i].name} as a number`);
  const move = value => {
    if (!Number.isFinite(value)) return;
    point[k] = value;
    const whole = last(), share = at;
    state = compute();
    at = share === whole ? last() : Math.min(share, last());
    show();
  };
  slider.addEventListener("input", () => { field.value = Number(slider.value).toFixed(3); move(Number(slider.value)); });
  field.addEventListener("input", () => { slider.value = field.value; move(Number(field.value)); });
  line.append(nodes[i].name, slider, field);
  $("inputs").append(line);
});
nodeElement.forEach((element, i) => {
  element.addEventListener("mouseenter", () => light(i));
  element.addEventListener("focus", () => light(i));
  const choose = () => { origin = origin === i ? null : i; paths(); };
  element.addEventListener("click", choose);
  element.addEventListener("keydown", event => { if (event.key === "Enter") choose(); });
});
document.querySelectorAll("pre mark").forEach(mark => mark.addEventListener("mouseenter", () => light(Number(mark.dataset.of))));
svg.querySelectorAll(".region").forEach(element => {
  const r = Number(element.dataset.region), toggle = () => fold(r, !isFolded(r));
  element.addEventListener("click", toggle);
  element.addEventListener("keydown", event => { if (event.key === "Enter") toggle(); });
});
$("forward").addEventListener("click", forward);
$("backward").addEventListener("click", backward);
$("step").addEventListener("click", () => { stop(); go(at + 1); });
$("back").addEventListener("click", () => { stop(); go(at - 1); });
$("scrub").addEventListener("input", () => { stop(); go(Number($("scrub").value)); });
$("folds").hidden = regions.length === 0;
$("folds").addEventListener("click", () => {
  const all = regions.every((_, r) => isFolded(r));
  regions.forEach((_, r) => fold(r, !all));
  $("folds").textContent = all ? "Fold all" : "Unfold all";
});
/** As wide as there is room, but not so small that nobody can read it; the result in the middle. */
function zoom(fit) {
  const natural = svg.viewBox.baseVal.width, room = $("picture").clientWidth - 16;
  $("zoom").setAttribute("aria-pressed", String(fit));
  svg.style.width = fit ? `${Math.min(natural, Math.max(room, 0.62 * natural))}px` : "";
  svg.style.height = fit ? "auto" : "";
  const middle = nodeElement[graph.outputs[0]].querySelector("rect").getBoundingClientRect();
  $("picture").scrollLeft += middle.x + middle.width / 2 - $("picture").getBoundingClientRect().x - room / 2;
}
$("zoom").addEventListener("click", () => zoom($("zoom").getAttribute("aria-pressed") !== "true"));
document.addEventListener("keydown", event => {
  if (["INPUT", "SELECT"].includes(event.target.tagName)) return;
  const keys = {
    f: forward, b: backward, " ": stop, ArrowRight: () => { stop(); go(at + 1); },
    ArrowLeft: () => { stop(); go(at - 1); }, Escape: () => { stop(); origin = null; light(null); paths(); },
  };
  if (keys[event.key] && !(event.key === " " && event.target.tagName === "BUTTON")) { event.preventDefault(); keys[event.key](); }
});
state = compute();
show();
if (graph.outputs.length) zoom(true);
