// The search boxes that stand in for long selections take the name of the field's label, for those who hear the page.
// In jQuery's own queue it runs after the boxes are made.
window.django?.jQuery?.(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const shown = select.nextElementSibling;
    if (!label || !shown) continue;
    label.id = label.id || `label-${select.id}`;
    for (const part of shown.querySelectorAll("[role=combobox], [role=textbox]")) {
      part.setAttribute("aria-labelledby", `${label.id} ${part.getAttribute("aria-labelledby") || ""}`.trim());
    }
  }
});
