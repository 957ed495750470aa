// The grid of rows. It asks for the part that is looked at; what was corrected replaces its row at once. Cells show text and
// nothing else, whatever a file holds.
import {
  type CellEditRequestEvent,
  CellStyleModule,
  type ColDef,
  type GridApi,
  type IDatasource,
  InfiniteRowModelModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  TextEditorModule,
  themeQuartz,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { onReachability } from '../../api/reachability';
import { nonce } from '../../document';
import { Trouble } from '../../frame/Trouble';
import { columnsOf } from './columns';
import { letters, type Row, type RowFilter, rowsFrom } from './queries';
import classes from './Rows.module.css';
import { type Corrections, newest } from './useCorrections';

ModuleRegistry.registerModules([
  InfiniteRowModelModule,
  CellStyleModule,
  RenderApiModule,
  RowApiModule,
  TextEditorModule,
]);

/** Ours, in both themes: its colours are the page's. */
const theme = themeQuartz.withParams({
  backgroundColor: 'var(--card)',
  foregroundColor: 'var(--mantine-color-text)',
  borderColor: 'var(--line)',
  chromeBackgroundColor: 'var(--page)',
  headerTextColor: 'var(--mantine-color-text)',
  accentColor: 'var(--mantine-color-pine-5)',
  textColor: 'var(--mantine-color-text)',
  fontFamily: 'inherit',
  fontSize: 14,
  browserColorScheme: 'inherit',
  wrapperBorderRadius: 8,
});

/** Rows stand in the order of the file. */
const UNSORTED = { sortable: false };
/** Arrows go through the cells; Tab leaves them. */
const leave = () => false;
const BLOCK = 100;
const KEPT_BLOCKS = 20;

type Props = {
  id: string;
  filter: RowFilter;
  headers: readonly string[];
  isPlan: boolean;
  corrections?: Corrections | undefined;
  changes: number;
  choose: (row: Row) => void;
};

export default function RowGrid({ id, filter, headers, isPlan, corrections, changes, choose }: Props) {
  const grid = useRef<GridApi<Row>>(undefined);
  const [isEmpty, setIsEmpty] = useState(false);
  const [error, setError] = useState<unknown>();
  const corrected = useRef(corrections?.rows);
  corrected.current = corrections?.rows;

  const source = useMemo<IDatasource>(
    () => ({
      getRows: ({ startRow, endRow, successCallback, failCallback }) => {
        rowsFrom(id, filter, startRow, endRow - startRow).then(
          ({ rows, total, next }) => {
            const last = total ?? (next === null ? startRow + rows.length : undefined);
            setError(undefined);
            setIsEmpty(last === 0);
            successCallback(
              rows.map((row) => newest(row, corrected.current)),
              last,
            );
          },
          (reason) => {
            setError(reason);
            failCallback();
          },
        );
      },
    }),
    [id, filter],
  );
  const mayEdit = corrections !== undefined;
  const columns = useMemo<ColDef<Row>[]>(
    () => columnsOf(headers, isPlan, mayEdit),
    [headers, isPlan, mayEdit],
  );

  // Another person's correction, a new check: the same place, asked anew.
  useEffect(() => {
    if (changes > 0) grid.current?.refreshInfiniteCache();
  }, [changes]);
  useEffect(() => onReachability((isReachable) => isReachable && grid.current?.purgeInfiniteCache()), []);
  const rows = corrections?.rows;
  useEffect(() => {
    grid.current?.forEachNode((node) => {
      const now = node.data && rows?.get(node.data.row);
      if (now && now !== node.data) node.setData(now);
    });
  }, [rows]);

  const correct = corrections?.correct;
  const edited = useCallback(
    ({ data, colDef, newValue, oldValue }: CellEditRequestEvent<Row>) => {
      const place = Number(colDef.colId);
      const [value, was] = [String(newValue ?? ''), String(oldValue ?? '')];
      if (data && value !== was)
        correct?.({ row: data.row, column: letters(place), value, was, header: headers[place] ?? '' });
    },
    [correct, headers],
  );

  return (
    <>
      {error !== undefined && <Trouble error={error} again={() => grid.current?.purgeInfiniteCache()} />}
      <div className={classes.grid}>
        <AgGridReact<Row>
          theme={theme}
          styleNonce={nonce}
          ensureDomOrder
          rowModelType="infinite"
          datasource={source}
          columnDefs={columns}
          cacheBlockSize={BLOCK}
          maxBlocksInCache={KEPT_BLOCKS}
          blockLoadDebounceMillis={40}
          rowBuffer={4}
          rowHeight={38}
          headerHeight={38}
          readOnlyEdit
          stopEditingWhenCellsLoseFocus
          suppressCellFocus={false}
          suppressMovableColumns
          getRowId={({ data }) => String(data.row)}
          defaultColDef={UNSORTED}
          tabToNextCell={leave}
          tabToNextHeader={leave}
          onGridReady={({ api }) => {
            grid.current = api;
            api.setGridAriaProperty('label', 'Rows');
          }}
          onCellFocused={({ rowIndex, api }) => {
            const data = rowIndex === null ? undefined : api.getDisplayedRowAtIndex(rowIndex)?.data;
            if (data) choose(data);
          }}
          onCellEditRequest={edited}
        />
      </div>
      {isEmpty && <div className={classes.none}>No rows like that.</div>}
    </>
  );
}
