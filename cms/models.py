from django.db import models
from django.utils.translation import gettext_lazy as _


class OfferedPermission(models.Model):
    """That a role was given this permission once: what a newsroom takes away is not given again,
    and what a later version adds is. ``role`` is the group's name; ``cms/roles.py`` writes it."""

    role = models.CharField(max_length=150)
    app_label = models.CharField(max_length=100)
    codename = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("offered permission")
        verbose_name_plural = _("offered permissions")
        constraints = [
            models.UniqueConstraint(
                fields=["role", "app_label", "codename"], name="cms_offered_permission_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.app_label}.{self.codename}"
