//! Types as nodes: what is one type is one node, and what is known spreads along relations.

use super::{DEPTH, Fields, Found, Inside, Told, Untold};
use crate::hash::{HashMap, HashSet};
use crate::ir::{BindingId, Function, Member, Step, Ty, ValueId};

/// Whose spelling a type is.
#[derive(Clone, Copy)]
pub(super) enum Spelling {
    Users,
    Guess,
}

/// A type, by its number.
pub(super) type Node = usize;

/// What is known of one type.
#[derive(Default)]
struct Known {
    /// The type that it turned out to be.
    same: Option<Node>,
    told: Told,
    parts: HashMap<Inside, Node>,
}

/// What an operator says of the types around it.
pub(super) enum Relation {
    /// Sums and negations: one is a number where the others are.
    Alike(Vec<Node>),
    /// `result = a · b`, or a quotient: a number scales anything.
    Scaled(Node, [Node; 2]),
}

/// The types of a function.
pub(super) struct Types<'f> {
    pub(super) function: &'f Function,
    /// What `Self` is.
    own: Option<&'f str>,
    nodes: Vec<Known>,
    values: HashMap<ValueId, Node>,
    bindings: HashMap<BindingId, Node>,
    pub(super) named: HashMap<String, Node>,
    pub(super) relations: Vec<Relation>,
    /// The results and the arguments of functions of floats, which a type of the user's may have as
    /// methods.
    pub(super) called: Vec<Vec<Node>>,
    /// What is a float unless something else tells.
    pub(super) doubted: Vec<Node>,
    /// The results and operands of operators of the user's.
    pub(super) operators: Vec<(Node, Vec<Node>)>,
    /// Values that are elements of others.
    pub(super) elements: HashSet<ValueId>,
}

impl<'f> Types<'f> {
    pub(super) fn of(
        (function, own): (&'f Function, Option<&'f str>),
        result: Option<&Ty>,
        found: &Found,
    ) -> Self {
        let mut types = Self {
            function,
            own,
            nodes: Vec::new(),
            values: HashMap::default(),
            bindings: HashMap::default(),
            named: HashMap::default(),
            relations: Vec::new(),
            called: Vec::new(),
            doubted: Vec::new(),
            operators: Vec::new(),
            elements: HashSet::default(),
        };
        types.region(&function.body);
        if let (Some(&value), Some(ty)) = (function.body.yields.first(), result) {
            let node = types.value(value);
            types.typed(node, ty, Spelling::Users);
        }
        for &value in function.params.iter().chain(&found.spelled) {
            let node = types.value(value);
            types.typed(node, &function.values[value].ty, Spelling::Users);
        }
        for &receiver in &found.receivers {
            let node = types.value(receiver);
            types.tell(node, Told::STRUCTURED);
        }
        for &exponent in &found.exponents {
            let node = types.value(exponent);
            types.tell(node, Told::INERT);
        }
        types.spread();
        types.methods();
        // What a product of two of the user's types is, is theirs unless something said no.
        for (result, operands) in types.operators.clone() {
            let of_theirs = operands.iter().any(|&node| types.told(node).structured);
            let told = types.told(result);
            if of_theirs && !told.float && !told.inert {
                types.tell(result, Told::STRUCTURED);
            }
        }
        types.spread();
        types.methods();
        for node in types.called.iter().flatten().chain(&types.doubted).copied().collect::<Vec<_>>()
        {
            if !types.told(node).structured {
                types.tell(node, Told::FLOAT);
            }
        }
        types.spread();
        types
    }

    /// What is told of each operand.
    pub(super) fn of_operands(&mut self, untold: &Untold) -> Vec<Told> {
        let told = untold.operands.iter().map(|(value, path)| {
            let whole = self.value(*value);
            let part = self.part(whole, path);
            self.told(part)
        });
        told.collect()
    }

    /// Takes over what others tell of fields.
    pub(super) fn learn(&mut self, fields: &Fields) {
        for ((name, path), told) in &fields.0 {
            if let Some(&node) = self.named.get(name) {
                let part = path.iter().fold(node, |node, &inside| self.inside(node, inside));
                self.tell(part, *told);
            }
        }
        self.spread();
    }

    /// A function of floats has floats only; where the result is none, it is a method of the
    /// user's.
    fn methods(&mut self) {
        let called = std::mem::take(&mut self.called);
        loop {
            let mut changed = false;
            for nodes in &called {
                let told: Vec<Told> = nodes.iter().map(|&node| self.told(node)).collect();
                let is_theirs = told.first().is_some_and(|result| result.structured);
                let is_number = told.iter().any(|told| told.is_number());
                if let (true, Some(&receiver)) = (is_theirs, nodes.get(1)) {
                    changed |= self.adds(receiver, Told::STRUCTURED);
                } else if is_number && !told.iter().any(|told| told.structured) {
                    for &node in nodes {
                        changed |= self.adds(node, Told::FLOAT);
                    }
                }
            }
            if !changed {
                break;
            }
            self.spread();
        }
        self.called = called;
    }

    /// Spreads what is known until nothing is new.
    pub(super) fn spread(&mut self) {
        let relations = std::mem::take(&mut self.relations);
        loop {
            let mut changed = false;
            for relation in &relations {
                changed |= self.relate(relation);
            }
            if !changed {
                break;
            }
        }
        self.relations = relations;
    }

    /// Whether a relation told anything.
    pub(super) fn relate(&mut self, relation: &Relation) -> bool {
        match relation {
            Relation::Alike(nodes) => self.alike(nodes),
            &Relation::Scaled(result, [a, b]) => {
                let [of_result, of_a, of_b] = [result, a, b].map(|node| self.told(node));
                let mut changed = (of_a.field || of_b.field) && self.adds(result, Told::FIELD);
                if of_a.is_number() {
                    changed |= self.alike(&[result, b]);
                }
                if of_b.is_number() {
                    changed |= self.alike(&[result, a]);
                }
                if of_result.is_number() && !of_a.structured && !of_b.structured {
                    changed |= self.alike(&[result, a, b]);
                }
                changed
            }
        }
    }

    pub(super) fn alike(&mut self, nodes: &[Node]) -> bool {
        let all = nodes.iter().fold(Told::NOTHING, |all, &node| all.and(self.told(node)));
        let mut changed = false;
        for &node in nodes {
            changed |= self.adds(node, all);
        }
        changed
    }

    /// The type of a value.
    pub(super) fn value(&mut self, value: ValueId) -> Node {
        if let Some(&node) = self.values.get(&value) {
            return node;
        }
        let node = self.fresh();
        self.values.insert(value, node);
        let known = &self.function.values[value];
        self.typed(node, &known.ty, Spelling::Guess);
        if let Some(home) = known.home.as_ref().filter(|home| home.fields.is_empty()) {
            let binding = match self.bindings.get(&home.binding) {
                Some(&binding) => binding,
                None => node,
            };
            self.bindings.insert(home.binding, binding);
            self.same(node, binding);
        }
        node
    }

    /// What a type tells. That of a float may be a guess.
    pub(super) fn typed(&mut self, node: Node, ty: &Ty, by: Spelling) {
        match ty {
            Ty::Ref(inner) | Ty::Option(inner) => self.typed(node, inner, by),
            Ty::Inert => self.tell(node, Told::INERT),
            Ty::Named(name) => {
                self.tell(node, Told::STRUCTURED);
                let name = name.to_string();
                let name = name.split('<').next().unwrap_or_default().trim().to_owned();
                let name = match self.own {
                    Some(own) if name == "Self" => own.to_owned(),
                    _ => name,
                };
                if name != "_" {
                    let declared = *self.named.entry(name).or_insert(node);
                    self.same(node, declared);
                }
            }
            Ty::Tuple(fields) => {
                for (n, field) in (0..).zip(fields) {
                    let part = self.inside(node, Inside::Field(Member::Unnamed(n)));
                    self.typed(part, field, by);
                }
            }
            Ty::Array(inner, _) | Ty::Slice(inner) | Ty::Vec(inner) => {
                let part = self.inside(node, Inside::Element);
                self.typed(part, inner, by);
            }
            Ty::Float(_) if matches!(by, Spelling::Users) => self.tell(node, Told::FLOAT),
            Ty::Float(_) | Ty::Unknown => {}
        }
    }

    /// What is known of the parts of a type.
    pub(super) fn tell_of(
        &self,
        (name, path): (&str, &mut Vec<Inside>),
        node: Node,
        fields: &mut Fields,
    ) {
        let Some(known) = self.nodes.get(self.found(node)) else { return };
        for (&inside, &part) in &known.parts {
            path.push(inside);
            let told = Told { field: false, ..self.told(part) };
            if told != Told::NOTHING {
                fields.0.insert((name.to_owned(), path.clone()), told);
            }
            if path.len() < DEPTH {
                self.tell_of((name, path), part, fields);
            }
            path.pop();
        }
    }

    pub(super) fn fresh(&mut self) -> Node {
        self.nodes.push(Known::default());
        self.nodes.len() - 1
    }

    /// The node that stands for a type now.
    pub(super) fn found(&self, mut node: Node) -> Node {
        while let Some(same) = self.nodes.get(node).and_then(|known| known.same) {
            node = same;
        }
        node
    }

    pub(super) fn told(&self, node: Node) -> Told {
        self.nodes.get(self.found(node)).map_or(Told::NOTHING, |known| known.told)
    }

    pub(super) fn tell(&mut self, node: Node, told: Told) {
        self.adds(node, told);
    }

    /// Whether that was not known.
    pub(super) fn adds(&mut self, node: Node, told: Told) -> bool {
        let node = self.found(node);
        let Some(known) = self.nodes.get_mut(node) else { return false };
        let before = known.told;
        known.told = before.and(told);
        known.told != before
    }

    pub(super) fn inside(&mut self, node: Node, inside: Inside) -> Node {
        let node = self.found(node);
        if let Some(&part) = self.nodes.get(node).and_then(|known| known.parts.get(&inside)) {
            return part;
        }
        let part = self.fresh();
        if let Some(known) = self.nodes.get_mut(node) {
            known.parts.insert(inside, part);
        }
        part
    }

    pub(super) fn part(&mut self, whole: Node, path: &[Step]) -> Node {
        path.iter().fold(whole, |node, step| match step {
            Step::Field(member) => {
                self.tell(node, Told::STRUCTURED);
                let part = self.inside(node, Inside::Field(*member));
                if !matches!(member, Member::Unnamed(_)) {
                    self.tell(part, Told::FIELD);
                }
                part
            }
            Step::Index(_) => self.inside(node, Inside::Element),
            Step::Range(_) => node,
        })
    }

    pub(super) fn element(&mut self, whole: Node, part: ValueId) {
        let (inside, part) = (self.inside(whole, Inside::Element), self.value(part));
        self.same(inside, part);
    }

    pub(super) fn same_all(&mut self, some: &[ValueId], others: &[ValueId]) {
        some.iter().zip(others).for_each(|(&a, &b)| self.same_values(a, b));
    }

    pub(super) fn same_values(&mut self, a: ValueId, b: ValueId) {
        let (a, b) = (self.value(a), self.value(b));
        self.same(a, b);
    }

    /// Two types are one, and so are their parts.
    pub(super) fn same(&mut self, a: Node, b: Node) {
        let mut pairs = vec![(a, b)];
        while let Some((a, b)) = pairs.pop() {
            let (a, b) = (self.found(a), self.found(b));
            if a == b {
                continue;
            }
            let Some(known) = self.nodes.get_mut(a) else { continue };
            known.same = Some(b);
            let Known { told, parts, .. } =
                std::mem::replace(known, Known { same: Some(b), ..Known::default() });
            self.tell(b, told);
            let Some(known) = self.nodes.get_mut(b) else { continue };
            for (inside, part) in parts {
                // A type may be a part of itself: no new type is made here, or there were no end.
                match known.parts.get(&inside) {
                    Some(&other) => pairs.push((part, other)),
                    None => {
                        known.parts.insert(inside, part);
                    }
                }
            }
        }
    }

    /// What an arm that panics yields, which is of any type.
    pub(super) fn is_never(&self, value: ValueId) -> bool {
        self.function.values[value].hint == "never"
    }
}

impl Relation {
    /// What an operator of this name says; `None` where it is a function of floats.
    pub(super) fn of(name: &str, result: Node, args: &[Node]) -> Option<Self> {
        match (name, args) {
            ("add" | "sub" | "rem", &[a, b]) => Some(Self::Alike(vec![result, a, b])),
            ("neg", &[a]) => Some(Self::Alike(vec![result, a])),
            ("mul" | "div", &[a, b]) => Some(Self::Scaled(result, [a, b])),
            _ => None,
        }
    }
}
