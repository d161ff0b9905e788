//! The order of marks, and which may lie in which.

use ringback_world::{Entity, EntityKind};

/// By start; of those that start together the longer first, and quotes before code before links before styles.
pub(crate) fn sort(entities: &mut [Entity]) {
    entities.sort_by_key(|entity| (entity.offset, u32::MAX - entity.length, rank(&entity.kind)));
}

fn rank(kind: &EntityKind) -> u8 {
    match kind {
        EntityKind::Blockquote | EntityKind::ExpandableBlockquote => 0,
        EntityKind::Pre(Some(_)) => 10,
        EntityKind::Pre(None) => 11,
        EntityKind::Code => 20,
        EntityKind::TextLink(_) | EntityKind::TextMention(_) => 49,
        EntityKind::Bold => 90,
        EntityKind::Italic => 91,
        EntityKind::Underline => 92,
        EntityKind::Strikethrough => 93,
        EntityKind::Spoiler => 94,
        EntityKind::CustomEmoji(_) => 99,
        _ => 50,
    }
}

fn is_code(kind: &EntityKind) -> bool {
    matches!(kind, EntityKind::Code | EntityKind::Pre(_))
}

fn is_style(kind: &EntityKind) -> bool {
    (90..99).contains(&rank(kind))
}

fn is_link(kind: &EntityKind) -> bool {
    rank(kind) == 49
}

fn end(entity: &Entity) -> u32 {
    entity.offset + entity.length
}

/// Brings sorted marks into the form that messages have: nothing but a quote lies around or inside of code, a link
/// holds no other link, and the same style twice in a place, or side by side, is one.
pub(super) fn fix(entities: &mut Vec<Entity>) {
    let mut kept: Vec<Entity> = Vec::with_capacity(entities.len());
    // Code and links: whichever comes first stays.
    let mut reached = 0;
    for entity in entities
        .iter()
        .filter(|entity| is_code(&entity.kind) || is_link(&entity.kind))
    {
        if entity.offset >= reached {
            reached = end(entity);
            kept.push(entity.clone());
        }
    }
    let code: Vec<(u32, u32)> = kept
        .iter()
        .filter(|entity| is_code(&entity.kind))
        .map(|entity| (entity.offset, end(entity)))
        .collect();
    for entity in entities.drain(..) {
        let kind = &entity.kind;
        if is_code(kind) || is_link(kind) {
            continue;
        }
        if is_style(kind) {
            cut(&entity, &code, &mut kept);
        } else if matches!(kind, EntityKind::CustomEmoji(_)) {
            if code
                .iter()
                .all(|(from, to)| end(&entity) <= *from || entity.offset >= *to)
            {
                kept.push(entity);
            }
        } else {
            kept.push(entity);
        }
    }
    *entities = join(kept);
    sort(entities);
}

/// What is left of a style outside of code; `code` is in order and does not overlap.
fn cut(entity: &Entity, code: &[(u32, u32)], out: &mut Vec<Entity>) {
    let (mut from, to) = (entity.offset, end(entity));
    let mut piece = |from: u32, to: u32| {
        if to > from {
            out.push(Entity {
                offset: from,
                length: to - from,
                kind: entity.kind.clone(),
            });
        }
    };
    let first = code.partition_point(|(_, code_end)| *code_end <= from);
    for (code_from, code_to) in code[first..].iter().take_while(|(start, _)| *start < to) {
        piece(from, *code_from);
        from = from.max(*code_to);
    }
    piece(from, to);
}

/// Joins styles of a kind that touch.
fn join(mut entities: Vec<Entity>) -> Vec<Entity> {
    entities.sort_by_key(|entity| (rank(&entity.kind), entity.offset));
    let mut joined: Vec<Entity> = Vec::with_capacity(entities.len());
    for entity in entities {
        match joined.last_mut() {
            Some(last)
                if is_style(&entity.kind) && last.kind == entity.kind && end(last) >= entity.offset =>
            {
                last.length = end(last).max(end(&entity)) - last.offset;
            }
            _ => joined.push(entity),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(entities: &[(EntityKind, u32, u32)]) -> Vec<(EntityKind, u32, u32)> {
        let mut entities: Vec<Entity> = entities
            .iter()
            .map(|(kind, offset, length)| Entity {
                offset: *offset,
                length: *length,
                kind: kind.clone(),
            })
            .collect();
        sort(&mut entities);
        fix(&mut entities);
        entities
            .into_iter()
            .map(|entity| (entity.kind, entity.offset, entity.length))
            .collect()
    }

    #[test]
    fn code_is_only_code() {
        use EntityKind::{Blockquote, Bold, Code, Italic};
        assert_eq!(
            fixed(&[(Blockquote, 0, 10), (Bold, 0, 10), (Code, 2, 3), (Italic, 2, 3)]),
            [(Blockquote, 0, 10), (Bold, 0, 2), (Code, 2, 3), (Bold, 5, 5)]
        );
    }

    #[test]
    fn a_style_twice_is_one() {
        use EntityKind::{Bold, Italic};
        assert_eq!(
            fixed(&[(Bold, 0, 5), (Bold, 2, 2), (Bold, 5, 1), (Italic, 1, 1)]),
            [(Bold, 0, 6), (Italic, 1, 1)]
        );
    }
}
