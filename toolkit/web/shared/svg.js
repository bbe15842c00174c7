// Builds drawings from nodes.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

export function svgNode(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG_NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
