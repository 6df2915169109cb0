"""The fields of forms: what our templates print of Django's widgets."""

from django import forms
from django.utils.safestring import SafeString


class Wish(forms.Form):
    name = forms.CharField(max_length=5, widget=forms.TextInput(attrs={"class": "own"}))
    kind = forms.ChoiceField(
        choices=[("", "—"), ("a", "<A>"), ("Nhóm & tổ", [("b", 'B "lớn"'), ("c", "C")])],
        required=False,
    )
    text = forms.CharField(widget=forms.Textarea(attrs={"data-x": True, "data-y": False}))


def shown(field: str, **typed: str) -> SafeString:
    return Wish(typed)[field].as_widget()


def test_a_select_prints_its_options_escaped_and_grouped() -> None:
    html = " ".join(shown("kind", kind="b").split())
    assert html == (
        '<select name="kind" class="form-select" id="id_kind"><option value="">—</option> '
        '<option value="a">&lt;A&gt;</option> <optgroup label="Nhóm &amp; tổ"> '
        '<option value="b" selected>B &quot;lớn&quot;</option> <option value="c">C</option> '
        "</optgroup> </select>"
    )


def test_a_class_of_one_s_own_replaces_the_usual_one() -> None:
    html = shown("name", name='"><i>')
    assert 'class="own"' in html
    assert "form-control" not in html
    assert 'value="&quot;&gt;&lt;i&gt;"' in html


def test_an_attribute_without_a_value_is_a_name_or_nothing() -> None:
    html = shown("text", text="<b>")
    assert " data-x" in html
    assert "data-y" not in html
    assert "data-x=" not in html
    assert "&lt;b&gt;</textarea>" in html
