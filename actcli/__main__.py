"""`python -m actcli`."""

from actcli.cli.main import main

main()
