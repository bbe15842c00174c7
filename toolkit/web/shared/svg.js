// Builds drawings from nodes.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

export function svgNode(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG_NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
