import Campaigns

extension Command {
    static let check = Command(
        name: "check", operands: 1...Int.max, operandName: "INPUT", summary: "Show every error and warning of inputs, and what their runs would need; never runs",
        flags: [Flag(name: "--set", value: "PATH=VALUE", repeats: true, meaning: "override a parameter")]
    ) { arguments in
        for path in arguments.operands { _ = try RunInput(path, overrides: arguments.values("--set")) }
        return 0
    }
}
