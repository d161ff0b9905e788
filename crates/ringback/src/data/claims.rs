//! Who owns data with which prefix: a trie over bytes, so that a press costs the length of its prefix, however
//! many routes there are.

/// Stands behind the last byte of data. No text has it: in UTF-8 there is no such byte.
const END: u8 = 0xff;

/// Prefixes, none of which starts with another; each has a value.
#[derive(Debug)]
pub(crate) struct Claims<T> {
    nodes: Vec<Node<T>>,
}

#[derive(Debug)]
struct Node<T> {
    next: Vec<(u8, usize)>,
    owner: Option<T>,
}

impl<T> Default for Claims<T> {
    fn default() -> Self {
        Claims {
            nodes: vec![Node {
                next: Vec::new(),
                owner: None,
            }],
        }
    }
}

impl<T> Claims<T> {
    /// Claims `prefix`. The owner of a prefix that is the start of this one, or of which this is the start (the
    /// same prefix is both), is an error.
    pub(crate) fn claim(&mut self, prefix: &str, owner: T) -> Result<(), &T> {
        self.insert(prefix.bytes(), owner)
    }

    /// Claims one text only.
    pub(crate) fn claim_exact(&mut self, text: &str, owner: T) -> Result<(), &T> {
        self.insert(text.bytes().chain([END]), owner)
    }

    fn insert(&mut self, bytes: impl Iterator<Item = u8>, owner: T) -> Result<(), &T> {
        let mut at = 0;
        for byte in bytes {
            if self.nodes[at].owner.is_some() {
                break;
            }
            at = self.step(at, byte).unwrap_or_else(|| {
                self.nodes.push(Node {
                    next: Vec::new(),
                    owner: None,
                });
                let new = self.nodes.len() - 1;
                self.nodes[at].next.push((byte, new));
                new
            });
        }
        if let Some(below) = self.first_owner(at) {
            return self.nodes[below].owner.as_ref().map_or(Ok(()), Err);
        }
        self.nodes[at].owner = Some(owner);
        Ok(())
    }

    /// The owner of the prefix that `data` starts with.
    pub(crate) fn find(&self, data: &str) -> Option<&T> {
        let mut at = 0;
        let mut bytes = data.bytes().chain([END]);
        loop {
            if let Some(owner) = &self.nodes[at].owner {
                return Some(owner);
            }
            at = self.step(at, bytes.next()?)?;
        }
    }

    fn step(&self, at: usize, byte: u8) -> Option<usize> {
        self.nodes[at]
            .next
            .iter()
            .find(|(b, _)| *b == byte)
            .map(|(_, next)| *next)
    }

    /// The node with an owner at or below `at`.
    fn first_owner(&self, at: usize) -> Option<usize> {
        if self.nodes[at].owner.is_some() {
            return Some(at);
        }
        self.nodes[at]
            .next
            .iter()
            .find_map(|(_, next)| self.first_owner(*next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_finds_its_owner() {
        let mut claims = Claims::default();
        claims.claim("vol:", 1).unwrap();
        claims.claim("page:", 2).unwrap();
        claims.claim("votes:", 3).unwrap();
        assert_eq!(claims.find("vol:up"), Some(&1));
        assert_eq!(claims.find("votes:7"), Some(&3));
        assert_eq!(claims.find("vol"), None);
        assert_eq!(claims.find(""), None);
        assert_eq!(claims.find("громкость:1"), None);

        claims.claim_exact("vol", 4).unwrap();
        assert_eq!(
            (claims.find("vol"), claims.find("vol:up"), claims.find("volt")),
            (Some(&4), Some(&1), None)
        );
        assert_eq!(claims.claim_exact("vol:up", 5), Err(&1));
    }

    #[test]
    fn overlapping_claims_are_refused_either_way_round() {
        let mut claims = Claims::default();
        claims.claim("vol:", 1).unwrap();
        assert_eq!(claims.claim("vol:set:", 2), Err(&1));
        assert_eq!(claims.claim("v", 3), Err(&1));
        assert_eq!(claims.claim("vol:", 4), Err(&1));
        assert_eq!(claims.claim("", 5), Err(&1));
        assert_eq!(claims.find("vol:set:1"), Some(&1));
    }
}
