"use strict";

const place = document.getElementById("swagger-ui");

// The viewer has a dark look of its own and leaves the choice to the page.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  // The portal sends nothing about its clients to the validator of the makers of this viewer.
  validatorUrl: null,
});
