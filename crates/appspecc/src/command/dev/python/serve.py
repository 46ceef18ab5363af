# Django's own server, without its reloader: appspecc decides when a new version is ready.
from django.core.management import execute_from_command_line

execute_from_command_line(["manage.py", "runserver", "--noreload", "--skip-checks", sys.argv[1]])
