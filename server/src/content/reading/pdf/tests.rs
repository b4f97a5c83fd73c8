//! What a PDF says, a broken one, one without end.

use super::each_page;
use pod_shared::limits;

/// A PDF with a text on each page.
pub(crate) fn pdf(pages: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        String::new(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut kids = String::new();
    for page in pages {
        let content = format!("BT /F1 12 Tf 72 700 Td ({page}) Tj ET");
        let at = objects.len() + 1;
        kids = format!("{kids}{at} 0 R ");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            at + 1
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len());
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(file.len());
        file = format!("{file}{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let start = file.len();
    file = format!("{file}xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        file = format!("{file}{place:010} 00000 n \n");
    }
    format!("{file}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
        .into_bytes()
}

fn said(bytes: &[u8]) -> Vec<String> {
    let mut pages = Vec::new();
    each_page(bytes, |page| {
        pages.push(page.trim().to_owned());
        Ok(())
    })
    .unwrap();
    pages
}

#[test]
fn each_page_says_what_stands_on_it() {
    assert_eq!(
        said(&pdf(&["The gate opens at nine", "Stalls by ten"])),
        ["The gate opens at nine", "Stalls by ten"]
    );
}

#[test]
fn as_many_pages_are_read_as_there_may_be() {
    let pages = vec!["page"; limits::INDEX_PDF_PAGES_MAX + 1];
    assert_eq!(said(&pdf(&pages)).len(), limits::INDEX_PDF_PAGES_MAX);
}

#[test]
fn a_broken_one_says_nothing_and_breaks_nothing() {
    let whole = pdf(&["The gate opens at nine"]);
    for end in [0, 8, whole.len() / 4, whole.len() / 2, whole.len() - 20] {
        said(&whole[..end]);
    }
    for at in (9..whole.len()).step_by(17) {
        let mut broken = whole.clone();
        broken[at] ^= 0x15;
        said(&broken);
    }
    assert_eq!(said(b"no PDF at all"), Vec::<String>::new());
}
