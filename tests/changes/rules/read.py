from club.models import Booking, Member

for member in Member.objects.order_by("name"):
    print(member.name, member.age, member.code, *member.tags, sep="|")
print(*Booking.objects.order_by("court").values_list("court", "from_hour", "to_hour", "step"))
