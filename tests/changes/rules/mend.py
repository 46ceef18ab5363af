from club.models import Member

Member.objects.filter(name="Rui").update(mail="rui@example.com", code="RR", tags=["r"])
Member.objects.filter(age=18).update(age=22, code="AA", name="Ana Maria")
Member.objects.filter(name="Bia").update(code="BB", name="Bia Maria", tags=["b"])
Member.objects.filter(name="Rui").update(name="Rui Maria")
