// SPDX-License-Identifier: GPL-2.0-only

package pgconn

func (e *PgError) Error() string {
	return e.Severity + ": " + e.Message + " (SQLSTATE " + e.Code + ")"
}
