// Doubly linked rings through the records themselves (LIST_ENTRY). The head is a node like the others, so nothing
// here branches.
//
//        ┌──────────────────────────────────────┐
//        ▼                                      │
//      head ──next──▶ oldest ──▶ … ──▶ newest ──┘        an empty ring: head.next == head
//        └──────────────◀── prev ───────────────▲

/** The first three words of every record that can be on a ring. `tag` is the record's own. */
@unmanaged
export class Links {
  tag: u32;
  next: Links;
  prev: Links;

  /** Makes this node an empty ring, or a node on no ring. */
  @inline reset(): void {
    this.next = this;
    this.prev = this;
  }

  /** True for a head without nodes, and for a node on no ring. */
  @inline get isEmpty(): bool {
    return this.next == this;
  }

  /** Puts the node last on this ring. The node must be on none. */
  @inline append(node: Links): void {
    const last = this.prev;
    node.next = this;
    node.prev = last;
    last.next = node;
    this.prev = node;
  }

  /** Puts the node first on this ring. The node must be on none. */
  @inline prepend(node: Links): void {
    const first = this.next;
    node.prev = this;
    node.next = first;
    first.prev = node;
    this.next = node;
  }

  /** Takes this node off its ring. Its own links are left as they were: reset or relink it. */
  @inline unlink(): void {
    const next = this.next;
    const prev = this.prev;
    prev.next = next;
    next.prev = prev;
  }

  /** Takes all nodes of `from` over, in order. This ring must be empty. */
  takeAll(from: Links): void {
    if (from.isEmpty) return;
    this.next = from.next;
    this.prev = from.prev;
    this.next.prev = this;
    this.prev.next = this;
    from.reset();
  }
}
