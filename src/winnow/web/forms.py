"""What readers send: checked for shape here, for sense in the services."""

from django import forms
from django.utils.translation import gettext_lazy

from winnow.core.text import MAX_DESCRIPTION, MAX_TITLE
from winnow.core.urls import MAX_URL
from winnow.models import Report, Tag
from winnow.queries.tags import approved_tags

# An appeal and a take-down have pages of their own.
REPORTED = [pair for pair in Report.Kind.choices if pair[0] not in (Report.Kind.APPEAL, Report.Kind.TAKE_DOWN)]


class ReportForm(forms.Form):
    """Something about an Item is wrong; without a field, its tag."""

    kind = forms.ChoiceField(choices=REPORTED, required=False)
    tag = forms.ModelChoiceField(Tag.objects.none(), required=False)
    copy_of = forms.CharField(max_length=MAX_URL, required=False)
    note = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # the stubs know no way to pass all on
        self.fields["tag"].queryset = approved_tags()  # type: ignore[attr-defined] # a ModelChoiceField


class SubmitForm(forms.Form):
    """A work that somebody adds."""

    url = forms.CharField(label=gettext_lazy("Address"), max_length=MAX_URL)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=MAX_TITLE)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=MAX_DESCRIPTION, required=False, widget=forms.Textarea
    )
    tag = forms.ModelChoiceField(
        Tag.objects.none(),
        label=gettext_lazy("Proposed tag"),
        required=False,
        empty_label=gettext_lazy("Leave it to Winnow"),
    )
    is_author = forms.BooleanField(label=gettext_lazy("I am an author of it"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # the stubs know no way to pass all on
        self.fields["tag"].queryset = approved_tags()  # type: ignore[attr-defined] # a ModelChoiceField


class EditForm(forms.Form):
    """What a submitter may change of a work for a while."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=MAX_TITLE)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=MAX_DESCRIPTION, required=False, widget=forms.Textarea
    )
