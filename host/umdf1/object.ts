// IWDFObject, the base of the framework's objects: a context with its cleanup, references, deletion, the device's lock.

import { WdfObjectAcquireLock, WdfObjectReleaseLock } from "../ddi/index";
import type { WDFDEVICE } from "../ddi/types";
import type { Suspendable } from "../suspension";
import { immediate } from "./awaited";
import { ERROR_ACCESS_DENIED, ERROR_NOT_FOUND, ERROR_OBJECT_ALREADY_EXISTS, type HRESULT, HRESULT_FROM_WIN32, S_OK } from "./hresult";
import type { IObjectCleanup } from "./wudfddi";

export abstract class WdfObject {
  /** Names of the interfaces this object has. */
  protected abstract readonly interfaces: readonly string[];
  private references = 1;
  private context: { readonly cleanup: IObjectCleanup | null; readonly value: unknown } | undefined;
  /** Whoever else wants to hear of the end. */
  private readonly cleanups: IObjectCleanup[] = [];

  /** IUnknown::QueryInterface: this object, null for an interface it does not have. */
  QueryInterface(iid: string): this | null {
    return this.interfaces.includes(iid) || iid === "IWDFObject" || iid === "IUnknown" ? this : null;
  }

  /** IUnknown::AddRef: the count afterwards. */
  AddRef(): number {
    return ++this.references;
  }

  /** IUnknown::Release: the count afterwards. The framework keeps its own references: an object does not end with the driver's. */
  Release(): number {
    this.references = Math.max(0, this.references - 1);
    return this.references;
  }

  /** IWDFObject::AssignContext. An object has one context: a second is ERROR_OBJECT_ALREADY_EXISTS. */
  AssignContext(pCleanupCallback: IObjectCleanup | null, pContext: unknown): HRESULT {
    if (this.context !== undefined) return HRESULT_FROM_WIN32(ERROR_OBJECT_ALREADY_EXISTS);
    this.context = { cleanup: pCleanupCallback, value: pContext };
    return S_OK;
  }

  /** IWDFObject::RetrieveContext: what was assigned; `hr` is an error when nothing was. */
  RetrieveContext(): { readonly hr: HRESULT; readonly context: unknown } {
    return this.context === undefined
      ? { hr: HRESULT_FROM_WIN32(ERROR_NOT_FOUND), context: undefined }
      : { hr: S_OK, context: this.context.value };
  }

  /** IWDFObject::DeleteWdfObject. What the framework owns may not be deleted: ERROR_ACCESS_DENIED. */
  DeleteWdfObject(): Suspendable<HRESULT> {
    return immediate("DeleteWdfObject", HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED));
  }

  /** The device whose lock this object's callbacks run under. */
  protected abstract get lockOwner(): WDFDEVICE;

  /** IWDFObject::AcquireLock: takes the presentation lock of the device. */
  AcquireLock(): Suspendable<void> {
    return WdfObjectAcquireLock(this.lockOwner);
  }

  /** IWDFObject::ReleaseLock */
  ReleaseLock(): void {
    WdfObjectReleaseLock(this.lockOwner);
  }

  /** An IObjectCleanup of the object the driver handed in. */
  addCleanup(cleanup: IObjectCleanup | undefined): void {
    if (cleanup !== undefined) this.cleanups.push(cleanup);
  }

  /** The object is about to go: each IObjectCleanup::OnCleanup, once. */
  cleanUp(): void {
    const { context } = this;
    this.context = undefined;
    for (const cleanup of this.cleanups.splice(0)) cleanup.OnCleanup(this);
    context?.cleanup?.OnCleanup(this);
  }
}
