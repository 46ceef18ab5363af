from club.models import Member, Order

Member.objects.update(city="Porto", level="high", born="2000-01-01", nick="nick")
Order.objects.filter(title="U").update(member=Member.objects.get(name="Bia"))
