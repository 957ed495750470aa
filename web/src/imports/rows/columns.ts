// The columns of the grid: where a row is, its fate, why, and its cells as the file has them. Cells are drawn without React,
// because hundreds of them are drawn while somebody scrolls.
import type { ColDef, ICellRendererComp, ICellRendererParams } from 'ag-grid-community';
import { toldOf } from '../outcomes';
import { gist, isWhole, letters, placeOf, type Row } from './queries';
import classes from './Rows.module.css';

type Params = ICellRendererParams<Row> & { headers: readonly string[] };

/** A cell of the file: its text, and for whoever cannot see the colour what is wrong with it. */
class FileCell implements ICellRendererComp<Row> {
  private readonly text = document.createElement('bdi');
  private readonly said = document.createElement('span');
  private readonly all = document.createElement('span');

  init(params: Params) {
    this.said.className = classes.hidden ?? '';
    this.all.append(this.text, this.said);
    this.refresh(params);
  }

  getGui() {
    return this.all;
  }

  refresh({ data, value, headers, colDef }: Params): boolean {
    this.text.textContent = value ?? '';
    const issue = data && issueAt(data, Number(colDef?.colId), headers);
    this.said.textContent = issue ? ` (${issue.message})` : '';
    this.all.title = issue?.message ?? '';
    return true;
  }
}

const issueAt = (row: Row, place: number, headers: readonly string[]) =>
  row.issues.find((issue) => issue.severity !== 'notice' && placeOf(issue, headers) === place);

function fileColumn(
  header: string,
  place: number,
  headers: readonly string[],
  mayEdit: boolean,
): ColDef<Row> {
  return {
    colId: String(place),
    headerName: header || 'No name',
    width: 180,
    valueGetter: ({ data }) => data?.cells[place] ?? '',
    editable: ({ data }) => mayEdit && isWhole(data?.cells[place] ?? ''),
    cellRenderer: FileCell,
    cellRendererParams: { headers },
    cellClassRules: {
      [classes.badCell ?? '']: ({ data }) => !!data && issueAt(data, place, headers)?.severity === 'error',
      [classes.warnedCell ?? '']: ({ data }) =>
        !!data && issueAt(data, place, headers)?.severity === 'warning',
      [classes.correctedCell ?? '']: ({ data }) =>
        !!data?.corrected.some(({ column }) => column === letters(place)),
    },
  };
}

export function columnsOf(headers: readonly string[], isPlan: boolean, mayEdit: boolean): ColDef<Row>[] {
  return [
    {
      colId: 'row',
      headerName: 'Row',
      width: 90,
      pinned: 'left',
      valueGetter: ({ data }) => data?.row ?? '…',
    },
    {
      colId: 'outcome',
      headerName: isPlan ? 'What will happen' : 'What happened',
      width: 165,
      pinned: 'left',
      valueGetter: ({ data }) => {
        if (!data) return '';
        const { sign, title, planned } = toldOf(data.outcome);
        return `${sign} ${isPlan ? planned : title}`;
      },
      cellClassRules: { [classes.bad ?? '']: ({ data }) => data?.outcome === 'failed' },
    },
    {
      colId: 'why',
      headerName: 'Why, or what changes',
      width: 300,
      valueGetter: ({ data }) => (data ? gist(data) : ''),
    },
    ...headers.map((header, place) => fileColumn(header, place, headers, mayEdit)),
  ];
}
