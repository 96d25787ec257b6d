public import Parameters

/// Flow of the electrolyte that magnetic forces drive.
public struct FlowSettings: ParameterGroup {
    public enum Ends: String, CaseIterable, Sendable { case closed, open }

    public var viscosity = 3e-3
    public var ends = Ends.closed
    public var interval = 1.0
    public var refresh = 0.05
    public var tolerance = 1e-4
    public var advection = true

    public init() {}

    public static let summary =
        "Slow flow of the electrolyte, -grad p + mu lap u - alpha(xi) u + (1-h) f = 0, div u = 0, driven by i x B; {} switches it on"
    public static let parameters: [Parameter<Self>] = [
        .quantity("viscosity", \.viscosity, "mPa s", .above(0), "mu of the electrolyte", source: "assumed, LiPF6 in carbonates"),
        .choice("ends", \.ends, "Lateral ends: closed (no net lateral flow) or open (periodic: a uniform force drives a channel flow)"),
        .quantity(
            "interval", \.interval, "1", .between(0, 10),
            "Travel of the surface, in cells, after which the flow is solved anew: one cell changed a roughness by 1.5e-7 of it and the largest speed by 1 % at Peclet 1.2"
        ),
        .quantity("refresh", \.refresh, "1", .between(0, 1), "Relative change of the current density after which the flow is solved anew"),
        .quantity("tolerance", \.tolerance, "1", .above(0, atMost: 1e-2), "Relative error of the solve in the norm of the dissipation"),
        .flag("advection", \.advection, "Let the flow carry the salt"),
    ]
}
