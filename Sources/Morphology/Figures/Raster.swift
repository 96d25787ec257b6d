/// A finished picture: 8-bit sRGB with alpha (not premultiplied), rows from the top.
public struct Raster: Sendable, Equatable {
    public let width: Int, height: Int
    /// Red, green, blue, alpha of every pixel.
    public var bytes: [UInt8]

    public init(width: Int, height: Int, bytes: [UInt8]? = nil) {
        precondition(width > 0 && height > 0 && (bytes.map { $0.count == 4 * width * height } ?? true))
        (self.width, self.height) = (width, height)
        self.bytes = bytes ?? [UInt8](repeating: 0, count: 4 * width * height)
    }

    public subscript(x: Int, y: Int) -> Colour {
        get {
            let p = 4 * (y * width + x)
            return Colour(bytes[p], bytes[p + 1], bytes[p + 2])
        }
        set {
            let p = 4 * (y * width + x)
            (bytes[p], bytes[p + 1], bytes[p + 2], bytes[p + 3]) = (newValue.red, newValue.green, newValue.blue, 255)
        }
    }
}
