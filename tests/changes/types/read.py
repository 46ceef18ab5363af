from club.models import Member, Order

for order in Order.objects.order_by("title"):
    print(order.title, order.count, order.price, order.total, order.cheap, order.member.age, sep="|")
print(Member.objects.count())
