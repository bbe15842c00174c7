// The form as a widget of the notebook.

import { renderForm } from "./form_in_page.js";

export default { render: renderForm };
