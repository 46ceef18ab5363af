from club.models import Booking, Member
from django.db import IntegrityError, transaction

writes = [
    lambda: Member.objects.filter(name="Bia").update(age=17),
    lambda: Member.objects.filter(name="Bia").update(name="Ana"),
    lambda: Member.objects.filter(name="Bia").update(tags=["a", "b", "c", "d"]),
    lambda: Booking.objects.update(from_hour=12),
    lambda: Booking.objects.update(court=1),
]
for write in writes:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        print("refused")
    else:
        print("stored")
