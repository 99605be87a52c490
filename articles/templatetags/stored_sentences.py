from django import template

from articles.retold import retold

register = template.Library()
register.filter("retold", retold)
