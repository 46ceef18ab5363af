# Django's own server, without its reloader: appspecc decides when a new version is ready.
from pathlib import Path

import django
from django.contrib.staticfiles.management.commands.runserver import Command
from django.core.management import call_command

django.setup()


class Serve(Command):
    def on_bind(self, server_port):
        """Say that the port is ours: whatever answers there could be somebody else's."""
        super().on_bind(server_port)
        Path(sys.argv[2]).touch()


call_command(Serve(), sys.argv[1], use_reloader=False)
