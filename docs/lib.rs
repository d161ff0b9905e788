//! The book in `src/`, so that its code is compiled and run by `cargo test --doc -p ringback-book`. To read it, `mdbook
//! serve docs`, or any reader of Markdown.

macro_rules! chapters {
    ($($name:literal)*) => {
        /// The chapters that are compiled.
        #[cfg(test)]
        const CHAPTERS: &[&str] = &[$(concat!($name, ".md")),*];
        $(
            #[cfg(doctest)]
            #[doc = include_str!(concat!("src/", $name, ".md"))]
            const _: () = ();
        )*
    };
}

chapters! {
    "introduction"
    "first-bot"
    "answers"
    "callback-data"
    "keyboards"
    "routing"
    "sessions"
    "calling"
    "receiving"
    "webhooks"
    "testing"
    "deployment"
    "local-telegram"
    "connect"
    "from-aiogram"
    "from-botgram"
    "from-teloxide"
    "line-by-line"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::CHAPTERS;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    /// A chapter that nobody leads to is not read; one that is not compiled rots.
    #[test]
    fn every_chapter_is_listed_and_compiled() {
        let summary = fs::read_to_string(root().join("src/SUMMARY.md")).expect("SUMMARY.md");
        let listed: BTreeSet<_> = summary
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .map(|path| path.trim_start_matches("./").to_owned())
            .collect();
        let there: BTreeSet<_> = fs::read_dir(root().join("src"))
            .expect("the chapters")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".md") && name != "SUMMARY.md")
            .collect();
        assert_eq!(listed, there);
        let compiled: BTreeSet<_> = CHAPTERS.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(compiled, there);
    }

    /// Each `path::name` in a document is a test that exists; gives how many there are.
    fn proofs(document: &str) -> usize {
        let text = fs::read_to_string(root().join(document)).expect("the document");
        let mut proofs = 0;
        for proof in text.split('`').skip(1).step_by(2) {
            let Some((path, name)) = proof.split_once("::").filter(|(path, _)| path.contains('/')) else {
                continue;
            };
            let file = root().join("..").join(path);
            let source = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path}: {error}"));
            let (rust, python) = (format!("fn {name}("), format!("def {name}("));
            assert!(
                source.contains(&rust) || source.contains(&python),
                "{path} has no test {name}"
            );
            proofs += 1;
        }
        proofs
    }

    #[test]
    fn every_proof_exists() {
        for (document, least) in [("src/line-by-line.md", 40), ("../ARCHITECTURE.md", 10)] {
            let proofs = proofs(document);
            assert!(
                proofs > least,
                "only {proofs} proofs in {document}: are they still there?"
            );
        }
    }
}
