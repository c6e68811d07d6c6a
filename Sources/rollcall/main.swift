import Glibc
import RollcallCommands

exit(await Program.run(Array(CommandLine.arguments.dropFirst())))
