// What of UMDF 1 is not there yet says so, twice: the method answers E_NOTIMPL, and a finding names it.

import { FindingId } from "../../bindings/abi";
import { machine } from "../current";
import { E_NOTIMPL, type HRESULT } from "./hresult";

/** A method that is not there yet: "IWDFDevice::CreateWdfFile". */
export function notImplemented(method: string): HRESULT {
  const m = machine();
  m.exports.noteRule(FindingId.Umdf1NotImplemented, m.names.text(method), 0);
  return E_NOTIMPL;
}
