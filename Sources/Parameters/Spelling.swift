/// "did you mean ..." for the known name nearest to a word; nil when none is near.
func suggestion(_ word: String, _ names: [String]) -> String? {
    nearest(word, names).map { "did you mean \(quoted($0))?" }
}

/// The name with the fewest edits (insert, delete, replace, swap neighbours) from the word, upper and lower case alike; nil beyond a third
/// of its letters. Of equally near names the one of most similar length, then the first.
public func nearest(_ word: String, _ names: [String]) -> String? {
    guard word.utf8.count <= 60 else { return nil }
    let letters = Array(word.lowercased().utf8)
    let candidates = names.map { name in
        let others = Array(name.lowercased().utf8)
        return (name: name, edits: editDistance(letters, others), difference: abs(letters.count - others.count))
    }
    return candidates.filter { $0.edits <= letters.count / 3 }.min { ($0.edits, $0.difference) < ($1.edits, $1.difference) }?.name
}

/// Optimal string alignment distance.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var edits = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { edits = min(edits, before[j - 1] + 1) }
            row.append(edits)
        }
        (before, last) = (last, row)
    }
    return last[b.count]
}
