from club.models import Member

Member.objects.update(town="Porto")
