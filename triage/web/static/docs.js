"use strict";
// The start line of the reader stands in its own file, because the policy allows no inline script.
const place = document.getElementById("swagger");
SwaggerUIBundle({ url: place.dataset.source, domNode: place, deepLinking: false, validatorUrl: null });
