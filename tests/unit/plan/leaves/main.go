// SPDX-License-Identifier: GPL-2.0-only

package main

func toRet()
func toRetStores()
func onlyRet()
func toTail()
func toBranch()
func toCall()
func loopsBefore()
func loopsBehind()
func byTable()
func changesSP()
func changesBP()
func callsKernel()
func twoEnds()
func begins()

// Never called: it is the code that counts.
var calls = []func(){
	toRet, toRetStores, onlyRet, toTail, toBranch, toCall, loopsBefore, loopsBehind, byTable,
	changesSP, changesBP, callsKernel, twoEnds, begins,
}

func main() {
	println(len(calls))
}
