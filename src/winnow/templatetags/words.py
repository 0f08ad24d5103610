"""Filters that put figures into words."""

from django import template

register = template.Library()
