// Builds the page from nodes, never from markup.

/**
 * Attributes: a function listens, true is an empty attribute; false, null and "" are left out, among the children too.
 * @param {string} name
 * @param {Record<string, any>} [attributes]
 * @param {any[]} children
 * @returns {any}
 */
export function node(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null && value !== "") element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null && child !== "" && child !== false));
  return element;
}

/**
 * @param {Element} element
 * @param {string} words
 */
export function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** An element that page.html has.
 * @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export const focusedElement = () => /** @type {HTMLElement | null} */ (document.activeElement);
