// Starts the documentation on the description that the page names.
"use strict";
const place = document.getElementById("docs");
SwaggerUIBundle({
  url: place.dataset.description,
  domNode: place,
  deepLinking: true,
  supportedSubmitMethods: ["get"],
  validatorUrl: null,
});
