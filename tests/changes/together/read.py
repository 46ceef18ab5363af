from club.models import Member, Order

for order in Order.objects.order_by("title"):
    print(order.title, order.number, order.price, order.total, order.cheap, order.member.years, sep="|")
print(Member.objects.count())
