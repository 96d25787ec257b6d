extension Report {
    /// A piece of a page.
    public enum Section: Sendable {
        case heading(String), paragraph(String), muted(String)
        case table(head: [String], rows: [[String]])
        case list([String]), warnings([String])
        case svg(String), png([UInt8], String)
        /// Several figures side by side.
        case figures([Section])
    }

    /// A page of one's own in the style of the reports, complete in one file.
    public static func page(title: String, _ sections: [Section]) -> String {
        var page = HTML(title: "\(title) – dendrite")
        page.heading(title, level: 1)
        for section in sections { add(section, to: &page) }
        return page.text
    }

    private static func add(_ section: Section, to page: inout HTML) {
        switch section {
        case .heading(let text): page.heading(text)
        case .paragraph(let text): page.paragraph(text)
        case .muted(let text): page.paragraph(text, kind: "muted")
        case .table(let head, let rows): page.table(head: head, rows, rowHeads: false)
        case .list(let items): page.list(items)
        case .warnings(let items): page.list(items, kind: "warn")
        case .svg(let text): page.figure(svg: text)
        case .png(let bytes, let alternative): page.figure(png: bytes, alternative: alternative)
        case .figures(let figures):
            page.beginFigures()
            for figure in figures { add(figure, to: &page) }
            page.endFigures()
        }
    }
}
