from club.models import Booking, Member
ana = Member.objects.create(name='Ana', mail='ana@example.com', age=18, code='A', tags=['a'])
Member.objects.create(name='Bia', mail='bia@example.com', age=30, code='A', tags=[])
Member.objects.create(name='Rui', mail='ana@example.com', age=40, left=True, code='RUI', tags=[])
Booking.objects.create(member=ana, court=1, from_hour=8, to_hour=10)
Booking.objects.create(member=ana, court=2, from_hour=9, to_hour=11)
