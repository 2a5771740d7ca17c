"""python -m soso.cli"""

from soso.cli import main

main()
