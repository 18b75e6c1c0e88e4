"use strict";

const place = document.getElementById("swagger-ui");

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  // The portal sends nothing about its clients to the validator of the makers of this viewer.
  validatorUrl: null,
});
