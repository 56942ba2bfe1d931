"""Notes the name of every template when it is first asked for, in the file that TEMPLATES_DRAWN names."""

import os

from django.template import Template
from django.template.loaders import cached


class NotingLoader(cached.Loader):
    def get_template(self, template_name: str, skip: list | None = None) -> Template:
        new = template_name not in self.get_template_cache
        template = super().get_template(template_name, skip)
        if new:
            with open(os.environ["TEMPLATES_DRAWN"], "a") as notes:
                notes.write(f"{template_name}\n")
        return template
