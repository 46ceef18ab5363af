from club.models import Member, Order

ana = Member.objects.create(name="Ana", mail="ana@example.com", age=18, left=False)
bia = Member.objects.create(
    name="Bia", mail="bia@example.com", age=30, city="Porto", boss=ana, level="low", left=True
)
first = {"slug": "s", "count": 3, "from_n": 1, "to_n": 4, "price": "12.50", "half": "0.25"}
second = {"slug": "s", "count": 9, "from_n": 4, "to_n": 7, "price": "2.50", "half": "0.75"}
Order.objects.create(member=ana, title="T", **first)
Order.objects.create(member=ana, title="U", **second)
