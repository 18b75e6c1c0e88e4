from django.forms.renderers import TemplatesSetting


class PortalFormRenderer(TemplatesSetting):
    """One field template for every form of the portal."""

    field_template_name = "forms/field.html"
    form_template_name = "forms/form.html"
