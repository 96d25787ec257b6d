import Glibc
import Grids
import Spectral

/// Lithiophilic sites: one map of the electrode plane and the four things that it may change, each nil when it is off.
final class Sites<T: FFTReal> {
    /// Factor on the exchange current.
    let exchange: [Double]?
    let barrier: NucleationBarrier<T>?
    let wetting: Wetting<T>?
    let nucleation: Nucleation<T>?
    private let columns: Columns<T>
    private let floor: Double

    init(_ settings: SimulationSettings, _ work: Workspace<T>) throws {
        let sites = settings.sites, columns = Columns<T>(work.grid)
        let map = try sites.isOn ? SiteMap(sites, on: work.grid) : nil
        func values(_ onSites: Double, _ elsewhere: Double) -> [Double] { map?.mixed(onSites, elsewhere) ?? [] }
        exchange = sites.exchange.map { values($0.factor(temperature: settings.kinetics.temperature), 1) }
        barrier = sites.overpotential.map {
            NucleationBarrier(values($0.onSites, $0.elsewhere ?? 0), halfWidth: settings.interface.halfWidth, work, columns)
        }
        wetting = sites.wetting.map { Wetting(values(cos($0.onSites), cos($0.elsewhere ?? .pi / 2)), settings.interface, work) }
        nucleation = if let nucleation = sites.nucleation, let map { Nucleation(nucleation, map, settings, work, columns) } else { nil }
        self.columns = columns
        floor = settings.electrolyte.fractionFloor
    }

    /// What the sites and the heterogeneity of the electrode make of i0, over its plane.
    func exchangeFactor(with heterogeneity: Field<T>?, _ work: Workspace<T>) -> Field<T>? {
        guard let exchange else { return heterogeneity }
        let field = work.lateralField()
        field.setValues(zip(exchange, heterogeneity?.values() ?? [T](repeating: 1, count: exchange.count)).map { T($0) * $1 })
        return field
    }

    /// Whether nuclei have come; the caller guesses anew what depends on the metal when they are the first of it.
    func accept(_ bdf: BDF2, _ interface: Interface<T>, _ salt: Salt<T>, _ charge: Charge<T>) -> (planted: Bool, first: Bool) {
        guard barrier != nil || nucleation != nil else { return (false, false) }
        columns.measure(interface.xi.past[0])
        barrier?.accept()
        guard let nucleation else { return (false, false) }
        let c = salt.concentration.past[0], phi = charge.potential.past[0], volts = charge.metalPotential
        nucleation.pass(bdf.step, c, phi, metalPotential: volts)
        var planted = false, first = false
        while let place = nucleation.takeDue() {
            if !planted { first = interface.frontSpeed == 0 }
            planted = true
            nucleation.plant(place, interface.xi, concentration: c, content: salt.content, floor: floor)
            columns.measure(interface.xi.past[0])
            nucleation.measure(c, phi, metalPotential: volts)
        }
        return (planted, first)
    }

    /// The rate of nucleation for a potential that has jumped.
    func restart(_ interface: Interface<T>, _ salt: Salt<T>, _ charge: Charge<T>) {
        guard let nucleation else { return }
        columns.measure(interface.xi.past[0])
        nucleation.measure(salt.concentration.past[0], charge.potential.past[0], metalPotential: charge.metalPotential)
    }

    var state: [StateItem] { (barrier?.state ?? []) + (nucleation?.state ?? []) }
}

extension SiteExchange {
    /// s, given or exp((E_ref - E)/RT).
    public func factor(temperature: Double) -> Double {
        factor ?? exp(((referenceActivationEnergy ?? 0) - (activationEnergy ?? 0)) / (Constants.gas * temperature))
    }
}
