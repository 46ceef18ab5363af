# Says whether the database has run one of these migrations: `app/name`.
import django

django.setup()
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

applied = MigrationRecorder(connection).applied_migrations()
sys.stdout.write("yes\n" if any(tuple(name.split("/")) in applied for name in sys.argv[1:]) else "no\n")
sys.stdout.flush()
os._exit(0)
