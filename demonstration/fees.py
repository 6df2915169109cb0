"""Trà Bồng's business fees: 2,200,000 đồng over 54 dossiers, the rest waived on a named ground."""

from django.db import transaction

from dossiers.models import Dossier, FeeDue, Payment

GROUND = "Miễn lệ phí đăng ký hộ kinh doanh (lý do minh họa, được đặt ra để khớp số đã công bố)"
RATE_VND = 100_000


@transaction.atomic
def waive_business_fees() -> None:
    """The imported dossiers that paid nothing owed the rate; running again changes nothing."""
    unpaid = Dossier.objects.filter(
        is_demo=True, version__procedure__code="1.001612", fees__isnull=True
    )
    FeeDue.objects.bulk_create(
        FeeDue(
            dossier=dossier,
            name="Lệ phí đăng ký hộ kinh doanh",
            amount_vnd=RATE_VND,
            state=Payment.WAIVED,
            waiver_ground=GROUND,
        )
        for dossier in unpaid
    )
    Dossier.objects.filter(fees__state=Payment.WAIVED, fees__waiver_ground=GROUND).update(
        financial_status=Payment.WAIVED
    )
